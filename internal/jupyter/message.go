package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ProtocolVersion is what headers of this package carry.
const ProtocolVersion = "5.3"

// A Header names a message.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// A Message is one message between client and kernel. Content stays JSON
// until its type is known.
type Message struct {
	Route   [][]byte // identities or topic before the delimiter
	Header  Header
	Parent  Header // of the request that this answers; zero for a request
	Meta    json.RawMessage
	Content json.RawMessage
	Buffers [][]byte
}

var delimiter = []byte("<IDS|MSG>")

var (
	errFrames    = errors.New("jupyter: not a Jupyter message")
	errSignature = errors.New("jupyter: message with a wrong signature")
)

// newMessage makes a request of one session.
func newMessage(session, kind string, content any) (Message, error) {
	c, err := json.Marshal(content)
	if err != nil {
		return Message{}, fmt.Errorf("jupyter: %s: %w", kind, err)
	}
	return Message{Content: c, Header: Header{
		ID: randomHex(16), Session: session, Username: "specstress", Type: kind, Version: ProtocolVersion,
		Date: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"),
	}}, nil
}

// encode returns the frames of a message, signed.
func (m Message) encode(key []byte) ([][]byte, error) {
	header, err := json.Marshal(m.Header)
	if err != nil {
		return nil, err
	}
	parent := []byte("{}")
	if m.Parent != (Header{}) {
		if parent, err = json.Marshal(m.Parent); err != nil {
			return nil, err
		}
	}
	parts := [][]byte{header, parent, orEmptyObject(m.Meta), orEmptyObject(m.Content)}
	return slices.Concat(m.Route, [][]byte{delimiter, sign(key, parts)}, parts, m.Buffers), nil
}

func orEmptyObject(text []byte) []byte {
	if len(text) == 0 {
		return []byte("{}")
	}
	return text
}

// decode takes the frames of a message apart and checks its signature.
func decode(key []byte, frames [][]byte) (Message, error) {
	at := slices.IndexFunc(frames, func(f []byte) bool { return bytes.Equal(f, delimiter) })
	if at < 0 || len(frames) < at+6 {
		return Message{}, errFrames
	}
	signature, parts := frames[at+1], frames[at+2:at+6]
	if !hmac.Equal(signature, sign(key, parts)) {
		return Message{}, errSignature
	}
	m := Message{Route: frames[:at], Meta: parts[2], Content: parts[3], Buffers: frames[at+6:]}
	if err := json.Unmarshal(parts[0], &m.Header); err != nil {
		return Message{}, fmt.Errorf("jupyter: header: %w", err)
	}
	if err := json.Unmarshal(parts[1], &m.Parent); err != nil {
		return Message{}, fmt.Errorf("jupyter: parent header: %w", err)
	}
	return m, nil
}

// sign is the HMAC-SHA256 of the four parts in hex; without a key messages
// are not signed.
func sign(key []byte, parts [][]byte) []byte {
	if len(key) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}
