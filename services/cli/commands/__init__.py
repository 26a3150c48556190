"""One module per command of `gongshang`, each with its click command as `command`."""
