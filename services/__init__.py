"""Gongshang's services. `SERVICES` names those that hold business state and run as processes of their own."""

SERVICES = ("intake", "councils", "deliberation", "dispatch", "supervision", "evaluation")
