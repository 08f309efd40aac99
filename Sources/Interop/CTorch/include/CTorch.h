// libtorch behind plain C functions, for the room `Tensors` alone.
//
// A `TorchTensor` is one counted reference to a tensor: it must be given back once, to
// `torch_release`. Functions borrow what they are given and return references that the caller
// owns. Every function that can fail returns NULL (or false), and `torch_last_error` then has
// the library's words. No C++ exception leaves this module.
//
// A handle is the library's own reference-counted object, not a box around it: a call costs what
// the operation costs, and one atomic addition for the count of live handles.
#pragma once

#include "torch_autograd.h"
#include "torch_distributed.h"
#include "torch_meta.h"
#include "torch_network.h"
#include "torch_operations.h"
#include "torch_optimisation.h"
#include "torch_runtime.h"
#include "torch_script.h"
#include "torch_tensor.h"
