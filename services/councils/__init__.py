"""Councils 议: who meets where and when. The directory of halls and deputies, sessions, notices and invitations."""
