"""Requests and decisions 请示与批复: asking and deciding are two acts of two people, in every service alike.

Somebody asks for something, for a reason of a closed list, with words and evidence. Whoever the policy names decides it
in the policy's time, with reasons; when nobody does, a timer decides as the policy says, and that is on record too.
"""
