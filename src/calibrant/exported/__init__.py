"""Files that `calibrant.deploy` wrote: what they say about themselves, and what they say of images.

An ONNX file takes ONNX Runtime and Pillow alone; nothing here imports PyTorch but what opens its programs.
"""

from calibrant.exported.exported_model import ExportedModel
from calibrant.exported.facts import ModelFacts, PixelFacts
from calibrant.exported.opening import open_exported

__all__ = ["ExportedModel", "ModelFacts", "PixelFacts", "open_exported"]
