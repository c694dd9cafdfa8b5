"""The frame of the screens: base templates, components, middleware, log-in, journal, help, the command line, the demo."""
