"""Where dispatch keeps its issues and tasks, and where the duty list comes from."""
