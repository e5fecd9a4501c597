//go:build !purego

#include "textflag.h"

// The count of a position by its n, and its squared distance from the
// middle, for VPSHUFB, which looks up 16 bytes in each half of a register.
DATA counts<>+0(SB)/8, $0x0101010101010100
DATA counts<>+8(SB)/8, $0
DATA counts<>+16(SB)/8, $0x0101010101010100
DATA counts<>+24(SB)/8, $0
GLOBL counts<>(SB), RODATA|NOPTR, $32
DATA squares<>+0(SB)/8, $0x0904010001040900
DATA squares<>+8(SB)/8, $0
DATA squares<>+16(SB)/8, $0x0904010001040900
DATA squares<>+24(SB)/8, $0
GLOBL squares<>(SB), RODATA|NOPTR, $32

// In laneTallies, counts lie at 0, sums at 1024 and squares at 2048.

// func addAVX2(t *laneTallies, column *Position, steps int)
TEXT ·addAVX2(SB), NOSPLIT, $0-24
	MOVQ    t+0(FP), DI
	MOVQ    column+8(FP), SI
	MOVQ    steps+16(FP), CX
	VMOVDQU counts<>(SB), Y8
	VMOVDQU squares<>(SB), Y9

add:
	VMOVDQU (SI), Y0
	VPSHUFB Y0, Y8, Y1
	VPSHUFB Y0, Y9, Y2
	VPADDB  (DI), Y1, Y1
	VPADDB  1024(DI), Y0, Y0
	VPADDB  2048(DI), Y2, Y2
	VMOVDQU Y1, (DI)
	VMOVDQU Y0, 1024(DI)
	VMOVDQU Y2, 2048(DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	DECQ    CX
	JNZ     add
	VZEROUPPER
	RET

// func mergeAVX2(t, o *laneTallies)
TEXT ·mergeAVX2(SB), NOSPLIT, $0-16
	MOVQ t+0(FP), DI
	MOVQ o+8(FP), SI
	MOVQ $48, CX

merge:
	VMOVDQU (DI), Y0
	VMOVDQU 32(DI), Y1
	VPADDB  (SI), Y0, Y0
	VPADDB  32(SI), Y1, Y1
	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	ADDQ    $64, SI
	ADDQ    $64, DI
	DECQ    CX
	JNZ     merge
	VZEROUPPER
	RET

// func completeAVX2(dst *Spread, a, b *laneTallies, models, steps int)
//
// In words of 16 bits, n·square - (sum - 4n)², the larger of both values;
// then each widened to a Spread, which is Q in the low half of 64 bits and N
// in the high one.
TEXT ·completeAVX2(SB), NOSPLIT, $0-40
	MOVQ         dst+0(FP), DI
	MOVQ         a+8(FP), SI
	MOVQ         b+16(FP), DX
	MOVQ         models+24(FP), AX
	MOVQ         steps+32(FP), CX
	MOVQ         AX, X8
	VPBROADCASTW X8, Y8          // n
	VPSLLW       $2, Y8, Y9      // 4n
	SHLQ         $32, AX
	MOVQ         AX, X10
	VPBROADCASTQ X10, Y10        // N of a Spread

complete:
	VPMOVZXBW 1024(SI), Y0
	VPMOVZXBW 2048(SI), Y1
	VPMOVZXBW 1024(DX), Y2
	VPMOVZXBW 2048(DX), Y3
	VPSUBW    Y9, Y0, Y0
	VPSUBW    Y9, Y2, Y2
	VPMULLW   Y0, Y0, Y0
	VPMULLW   Y2, Y2, Y2
	VPMULLW   Y8, Y1, Y1
	VPMULLW   Y8, Y3, Y3
	VPSUBW    Y0, Y1, Y1
	VPSUBW    Y2, Y3, Y3
	VPMAXUW   Y1, Y3, Y1

	VEXTRACTI128 $1, Y1, X2
	VPMOVZXWQ    X1, Y4
	VPSRLDQ      $8, X1, X1
	VPMOVZXWQ    X1, Y5
	VPMOVZXWQ    X2, Y6
	VPSRLDQ      $8, X2, X2
	VPMOVZXWQ    X2, Y7
	VPOR         Y10, Y4, Y4
	VPOR         Y10, Y5, Y5
	VPOR         Y10, Y6, Y6
	VPOR         Y10, Y7, Y7
	VMOVDQU      Y4, (DI)
	VMOVDQU      Y5, 32(DI)
	VMOVDQU      Y6, 64(DI)
	VMOVDQU      Y7, 96(DI)

	ADDQ $16, SI
	ADDQ $16, DX
	ADDQ $128, DI
	DECQ CX
	JNZ  complete
	VZEROUPPER
	RET

// func planesAVX2(p *planes, c *Position)
//
// A bit of every byte is moved to the top of it, where VPMOVMSKB collects
// 32 of them.
TEXT ·planesAVX2(SB), NOSPLIT, $0-16
	MOVQ      p+0(FP), DI
	MOVQ      c+8(FP), SI
	VMOVDQU   (SI), Y0
	VMOVDQU   32(SI), Y1
	VPSLLW    $7, Y0, Y2
	VPSLLW    $7, Y1, Y3
	VPSLLW    $6, Y0, Y4
	VPSLLW    $6, Y1, Y5
	VPSLLW    $5, Y0, Y6
	VPSLLW    $5, Y1, Y7
	VPMOVMSKB Y2, AX
	VPMOVMSKB Y3, BX
	VPMOVMSKB Y4, CX
	VPMOVMSKB Y5, DX
	VPMOVMSKB Y6, R8
	VPMOVMSKB Y7, R9
	MOVL      AX, (DI)
	MOVL      BX, 4(DI)
	MOVL      CX, 8(DI)
	MOVL      DX, 12(DI)
	MOVL      R8, 16(DI)
	MOVL      R9, 20(DI)
	VZEROUPPER
	RET

// func productsAVX2(x, y *Position, steps int) int64
//
// Two products of at most 49 are added in each word of 16 bits, 32 steps of
// which stay below 2^15.
TEXT ·productsAVX2(SB), NOSPLIT, $0-32
	MOVQ  x+0(FP), SI
	MOVQ  y+8(FP), DX
	MOVQ  steps+16(FP), CX
	VPXOR Y0, Y0, Y0

products:
	VMOVDQU    (SI), Y1
	VPMADDUBSW (DX), Y1, Y1
	VPADDW     Y1, Y0, Y0
	ADDQ       $32, SI
	ADDQ       $32, DX
	DECQ       CX
	JNZ        products

	VPCMPEQW     Y2, Y2, Y2
	VPSRLW       $15, Y2, Y2 // ones
	VPMADDWD     Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPSRLDQ      $8, X0, X1
	VPADDD       X1, X0, X0
	VPSRLDQ      $4, X0, X1
	VPADDD       X1, X0, X0
	VMOVD        X0, AX
	MOVQ         AX, ret+24(FP)
	VZEROUPPER
	RET
