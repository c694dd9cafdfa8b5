"""An invented house for trying Kedang: words are data in ``house.yaml``, life runs through the real commands."""
