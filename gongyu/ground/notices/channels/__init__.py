"""Channels: everything that carries words to an address, behind one interface.

`send_on(path, message)` sends one message now: over the first provider of the path, and over the next
only when the one before surely did not take it. Whoever sends chooses `Message.key`, one for each
message that may arrive once; sending the same key again is harmless on every channel here.

    from gongyu.ground.notices.channels import Message, Outcome, send_on

    message = Message(key="sign-in:81:3", address=phone, words="验证码 204511，10分钟内有效。",
                      kind="code", at=moment)
    answer = send_on("sms", message)
    if answer.outcome is Outcome.SENT: ...

Neither address nor words stand in a log, an exception or a `repr`. `shown` is the channel of the demo
city and of tests: it sends nothing and keeps what it would have sent (`shown.last_to`).
"""

from .configured import channels_for, send_on
from .message import Answer, Channel, Kind, Message, Outcome

__all__ = ["Answer", "Channel", "Kind", "Message", "Outcome", "channels_for", "send_on"]
