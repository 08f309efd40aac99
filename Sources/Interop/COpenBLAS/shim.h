// CBLAS as OpenBLAS ships it, and the LAPACK routines that the package calls,
// declared here so that no further package (LAPACKE) is needed.
#include <cblas.h>

// Singular value decomposition of a general m x n matrix, column-major.
void dgesvd_(const char *jobu, const char *jobvt, const int *m, const int *n, double *a,
             const int *lda, double *s, double *u, const int *ldu, double *vt, const int *ldvt,
             double *work, const int *lwork, int *info);
