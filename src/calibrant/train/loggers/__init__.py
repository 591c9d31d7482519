"""Other tools that a training run is logged to: TensorBoard, Weights & Biases, MLflow.

They are imported when a run is logged to them; the run's own record is `metrics.jsonl`.
"""
