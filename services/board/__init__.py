"""The board 公示栏: the read side. It owns no truth, and is made anew from what all services told."""
