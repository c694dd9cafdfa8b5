"""The frame of the screens: base templates, components, middleware, log-in, journal, help, command line, demo."""
