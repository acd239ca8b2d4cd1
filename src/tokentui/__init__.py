"""Make, hand over, watch and end the credentials of cloud platforms from a terminal."""

__version__ = "0.1.0"
