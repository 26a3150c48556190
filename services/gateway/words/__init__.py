"""The words of the pages: Chinese as it is written in the code and the templates, English in a catalogue beside."""
