package jupyter

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"net"
	"os"
	"strconv"
)

// A Connection says where a kernel listens and with which key messages are
// signed. It is what a connection file holds.
type Connection struct {
	Transport       string `json:"transport"`
	IP              string `json:"ip"`
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HeartbeatPort   int    `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name"`
}

// NewConnection picks five free ports on the loopback interface and a random
// key. Nobody holds the ports until the kernel does, so they are not of those
// that systems hand out to whoever connects: of these, a busy machine would
// take one meanwhile, and the kernel would never answer.
func NewConnection(kernelName string) (Connection, error) {
	c := Connection{Transport: "tcp", IP: "127.0.0.1", Key: randomHex(32), SignatureScheme: "hmac-sha256", KernelName: kernelName}
	// All five are held at once, so that they differ.
	for _, port := range []*int{&c.ShellPort, &c.IOPubPort, &c.StdinPort, &c.ControlPort, &c.HeartbeatPort} {
		l, err := listenLow(c.IP)
		if err != nil {
			return c, fmt.Errorf("jupyter: no free port: %w", err)
		}
		defer l.Close()
		*port = l.Addr().(*net.TCPAddr).Port
	}
	return c, nil
}

// listenLow listens on a port below the ephemeral ones, which begin at 32768
// on Linux and 49152 elsewhere.
func listenLow(ip string) (l net.Listener, err error) {
	const first, ephemeral, tries = 15000, 32768, 100
	for range tries {
		above, failed := rand.Int(rand.Reader, big.NewInt(ephemeral-first))
		if failed != nil {
			return nil, failed
		}
		port := first + int(above.Int64())
		if l, err = net.Listen("tcp", net.JoinHostPort(ip, strconv.Itoa(port))); err == nil {
			return l, nil
		}
	}
	return nil, err
}

// WriteFile writes the connection file, readable by its owner alone: who
// knows the key can have the kernel run anything.
func (c Connection) WriteFile(path string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

func (c Connection) endpoint(port int) string {
	return fmt.Sprintf("%s://%s:%d", c.Transport, c.IP, port)
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails, since Go 1.24
	return hex.EncodeToString(b)
}
