"""The operations of a program of `torch.export` that are let in: arithmetic and shapes of tensors in memory.

They are those of the networks of this library and of the families of timm, with their neighbours. PyTorch
has others that open files, load libraries or leave memory unset, so what is not named here is refused.
"""

from __future__ import annotations

_OF_TENSORS = """
    _assert_scalar.default _assert_tensor_metadata.default _to_copy.default _upsample_bilinear2d_aa.vec
    abs.default adaptive_avg_pool2d.default adaptive_max_pool2d.default add.Scalar add.Tensor add_.Tensor
    addcmul.default alias.default amax.default amin.default arange.default argmax.default avg_pool2d.default
    batch_norm.default bitwise_not.default bmm.default cat.default ceil.default chunk.default clamp.Tensor
    clamp.default clamp_max.default clamp_min.default clone.default col2im.default constant_pad_nd.default
    contiguous.default conv2d.default cos.default cumsum.default detach.default detach_.default div.Scalar
    div.Tensor div.Tensor_mode dropout.default einsum.default elu.default eq.Scalar eq.Tensor erf.default
    exp.default expand.default expand_as.default eye.default flatten.using_ints floor.default full.default
    full_like.default ge.Scalar gelu.default group_norm.default gt.Scalar hardsigmoid.default
    hardswish.default hardswish_.default hardtanh.default hardtanh_.default im2col.default index.Tensor
    index_select.default layer_norm.default le.Scalar leaky_relu.default leaky_relu_.default
    lift_fresh_copy.default linalg_vector_norm.default linear.default log.default log1p.default
    log_sigmoid.default log_softmax.int logsumexp.default lt.Scalar matmul.default max.dim max_pool2d.default
    maximum.default mean.default mean.dim min.dim minimum.default mish.default mul.Scalar mul.Tensor
    mul_.Tensor narrow.default neg.default numpy_T.default ones_like.default pad.default permute.default
    pixel_shuffle.default pixel_unshuffle.default pow.Scalar pow.Tensor_Scalar prelu.default
    reciprocal.default relu.default relu6.default relu_.default repeat.default reshape.default
    reshape_as.default roll.default rsqrt.default rsub.Scalar scalar_tensor.default
    scaled_dot_product_attention.default select.int sigmoid.default sigmoid_.default silu.default
    silu_.default sin.default slice.Tensor softmax.int softplus.default split.Tensor split_with_sizes.default
    sqrt.default squeeze.dim squeeze.dims stack.default sub.Scalar sub.Tensor sum.default sum.dim_IntList
    sym_size.int tanh.default to.device to.dtype transpose.int type_as.default unbind.int unsqueeze.default
    upsample_bicubic2d.vec upsample_bilinear2d.vec upsample_nearest2d.vec var.correction view.default
    view_as.default where.ScalarOther where.self zeros.default zeros_like.default
"""
_OF_SIZES = "add floordiv getitem mod mul sub"

OPERATIONS = frozenset(
    [
        *(f"torch.ops.aten.{name}" for name in _OF_TENSORS.split()),
        *(f"_operator.{name}" for name in _OF_SIZES.split()),
    ]
)
