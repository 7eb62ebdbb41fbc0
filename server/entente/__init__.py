"""Entente: the evidence graph of Europe-Ukraine defence-industrial cooperation."""

__version__ = "0.1.0"
