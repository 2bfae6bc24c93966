"""A link as a picture that a phone can read; drawn on the ground floor, where slips are printed too."""

from gongyu.ground.design.qr import qr_code

__all__ = ["qr_code"]
