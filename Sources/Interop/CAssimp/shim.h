// The C interface of assimp: importing, scenes, post-processing and properties; and exporting, by
// which the fuzzer makes its seeds.
#include <assimp/cexport.h>
#include <assimp/cfileio.h>
#include <assimp/cimport.h>
#include <assimp/config.h>
#include <assimp/material.h>
#include <assimp/postprocess.h>
#include <assimp/scene.h>
#include <assimp/version.h>
