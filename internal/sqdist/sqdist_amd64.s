//go:build !purego

#include "textflag.h"

// func rowsAVX2(out, x, rows *float32, dim, n int)
//
// Y0 to Y3 are lanes 0-7, 8-15, 16-23 and 24-31. No fused multiply-add: see
// the package's comment.
TEXT ·rowsAVX2(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ rows+16(FP), DX
	MOVQ dim+24(FP), R8
	MOVQ n+32(FP), R9
	MOVQ R8, R10
	SHRQ $5, R10      // blocks of 32
	SHLQ $2, R8       // bytes from row to row

row:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	MOVQ   SI, AX
	MOVQ   DX, BX
	MOVQ   R10, CX

block:
	VMOVUPS (AX), Y4
	VMOVUPS 32(AX), Y5
	VMOVUPS 64(AX), Y6
	VMOVUPS 96(AX), Y7
	VSUBPS  (BX), Y4, Y4
	VSUBPS  32(BX), Y5, Y5
	VSUBPS  64(BX), Y6, Y6
	VSUBPS  96(BX), Y7, Y7
	VMULPS  Y4, Y4, Y4
	VMULPS  Y5, Y5, Y5
	VMULPS  Y6, Y6, Y6
	VMULPS  Y7, Y7, Y7
	VADDPS  Y4, Y0, Y0
	VADDPS  Y5, Y1, Y1
	VADDPS  Y6, Y2, Y2
	VADDPS  Y7, Y3, Y3
	ADDQ    $128, AX
	ADDQ    $128, BX
	DECQ    CX
	JNZ     block

	VADDPS       Y2, Y0, Y0 // l and l+16
	VADDPS       Y3, Y1, Y1
	VADDPS       Y1, Y0, Y0 // l and l+8
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0 // l and l+4
	VMOVHLPS     X0, X0, X1
	VADDPS       X1, X0, X0 // l and l+2
	VMOVSHDUP    X0, X1
	VADDSS       X1, X0, X0 // 0 and 1
	VMOVSS       X0, (DI)

	ADDQ $4, DI
	ADDQ R8, DX
	DECQ R9
	JNZ  row

	VZEROUPPER
	RET
