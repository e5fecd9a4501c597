package parquet

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// zstdDecoder serves all goroutines. It writes no more than the room given.
var zstdDecoder = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecodeAllCapLimit(true))
})

// decompress fills dst exactly with what src holds. More or less than that
// is an error, so that a small page cannot grow beyond what its header said.
func decompress(dst, src []byte, codec format.CompressionCodec) error {
	switch codec {
	case format.Snappy:
		n, err := snappy.DecodedLen(src)
		if err != nil {
			return err
		}
		if n != len(dst) {
			return sizeError(n, len(dst))
		}
		_, err = snappy.Decode(dst, src)
		return err
	case format.Zstd:
		d, err := zstdDecoder()
		if err != nil {
			return err
		}
		out, err := d.DecodeAll(src, dst[:0:len(dst)])
		if err == nil && len(out) != len(dst) {
			err = sizeError(len(out), len(dst))
		}
		return err
	case format.Gzip:
		z, err := gzip.NewReader(bytes.NewReader(src))
		if err != nil {
			return err
		}
		if _, err := io.ReadFull(z, dst); err != nil {
			return err
		}
		if n, err := z.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			return fmt.Errorf("more than the stated %d bytes, or a wrong checksum (%v)", len(dst), err)
		}
		return nil
	}
	return fmt.Errorf("codec %s is not supported, want one of %s, %s, %s, %s",
		codec, format.Uncompressed, format.Snappy, format.Gzip, format.Zstd)
}

func sizeError(got, want int) error {
	return fmt.Errorf("%d bytes decompressed, the header says %d", got, want)
}
