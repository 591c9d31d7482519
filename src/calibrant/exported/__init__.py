"""Files that `calibrant.deploy` wrote: what they say about themselves, and images predicted with them.

An ONNX file takes ONNX Runtime and Pillow alone; nothing here imports PyTorch but what opens its programs.
"""
