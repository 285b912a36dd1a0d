"""Tables and every query over them, one module an aggregate; nothing else imports sqlalchemy.

Start from `engine.Database`, the one thing that opens sessions.
"""
