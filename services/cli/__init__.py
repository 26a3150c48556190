"""The `gongshang` program: what operators and newcomers type."""
