// Package fakekernel is a Jupyter kernel for tests: it does what the lines
// of a cell say, at once and without a compiler. It frames and signs
// messages by itself, so that a mistake of package jupyter is not shared.
//
// A line is a verb and its text; unknown lines do nothing, so that a cell
// may hold Go as well:
//
//	print TEXT           to stdout, with \n, \r and \e
//	stderr TEXT
//	display MIME TEXT    result MIME TEXT
//	show ID MIME TEXT    update ID MIME TEXT
//	clear                clear_output with wait
//	env NAME             prints an environment variable
//	cwd                  prints the working folder
//	flood N              N messages of 64 kB
//	fail NAME TEXT       ends the cell with an error
//	wait                 until interrupted
//	hang                 for ever, deaf to interrupts
//	input                asks the user
//	leave                starts a process outside the group, prints its id
//	die                  ends the process at once
package fakekernel

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Variable tells a test binary to be the kernel of a connection file.
const Variable = "SPECSTRESS_TEST_FAKE_KERNEL"

// Main makes a test binary the fake kernel when its environment asks for it:
// call it first in TestMain. The connection file is the last argument.
func Main() {
	if os.Getenv(Variable) == "" {
		return
	}
	if os.Getenv(Variable) == "mute" { // starts and never listens
		fmt.Fprintln(os.Stderr, "fake kernel: mute")
		sleepForever()
	}
	if os.Getenv(Variable) == "stillborn" {
		fmt.Fprintln(os.Stderr, "fake kernel: no such thing")
		os.Exit(3)
	}
	if os.Getenv(Variable) == "sleeper" {
		time.Sleep(time.Hour)
		os.Exit(0)
	}
	if err := serve(os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, "fake kernel:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

type kernel struct {
	key       []byte
	pub       zmq4.Socket
	stdin     zmq4.Socket
	mu        sync.Mutex // of pub
	interrupt chan struct{}
	count     int
}

type message struct {
	route, parts [][]byte
	kind         string
	code         string
}

func serve(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var at struct {
		Key                                                       string
		Shell_port, Iopub_port, Stdin_port, Hb_port, Control_port int
	}
	if err := json.Unmarshal(text, &at); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	quiet := zmq4.WithLogger(log.New(io.Discard, "", 0))
	k := &kernel{key: []byte(at.Key), pub: zmq4.NewPub(ctx, quiet), stdin: zmq4.NewRouter(ctx, quiet), interrupt: make(chan struct{}, 1)}
	shell, control, heartbeat := zmq4.NewRouter(ctx, quiet), zmq4.NewRouter(ctx, quiet), zmq4.NewRep(ctx, quiet)
	for _, s := range []struct {
		socket zmq4.Socket
		port   int
	}{{k.pub, at.Iopub_port}, {shell, at.Shell_port}, {control, at.Control_port}, {k.stdin, at.Stdin_port}, {heartbeat, at.Hb_port}} {
		if err := s.socket.Listen(fmt.Sprintf("tcp://127.0.0.1:%d", s.port)); err != nil {
			return err
		}
	}
	go func() {
		for {
			m, err := heartbeat.Recv()
			if err != nil || heartbeat.Send(m) != nil {
				return
			}
		}
	}()
	left := make(chan struct{})
	go func() {
		for {
			m, err := k.receive(control)
			if err != nil {
				return
			}
			switch m.kind {
			case "interrupt_request":
				select {
				case k.interrupt <- struct{}{}:
				default:
				}
				k.send(control, m.route, "interrupt_reply", m, map[string]any{"status": "ok"})
			case "shutdown_request":
				k.send(control, m.route, "shutdown_reply", m, map[string]any{"status": "ok"})
				close(left)
				return
			}
		}
	}()
	go func() {
		for {
			m, err := k.receive(shell)
			if err != nil {
				return
			}
			k.answer(shell, m)
		}
	}()
	<-left
	return nil
}

func (k *kernel) receive(s zmq4.Socket) (message, error) {
	for {
		raw, err := s.Recv()
		if err != nil {
			return message{}, err
		}
		f := raw.Frames // identity, delimiter, signature, four parts
		if len(f) < 7 || string(f[2]) != k.sign(f[3:7]) {
			fmt.Fprintln(os.Stderr, "fake kernel: unsigned message")
			continue
		}
		var header struct {
			Kind string `json:"msg_type"`
		}
		var content struct{ Code string }
		if json.Unmarshal(f[3], &header) != nil || json.Unmarshal(f[6], &content) != nil {
			continue
		}
		return message{f[:1], f[3:7], header.Kind, content.Code}, nil
	}
}

func (k *kernel) sign(parts [][]byte) string {
	mac := hmac.New(sha256.New, k.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

func (k *kernel) send(s zmq4.Socket, route [][]byte, kind string, parent message, content any) {
	header, _ := json.Marshal(map[string]any{"msg_id": strconv.FormatInt(time.Now().UnixNano(), 36), "session": "s",
		"username": "u", "date": "2025-01-01T00:00:00Z", "msg_type": kind, "version": "5.3"})
	body, _ := json.Marshal(content)
	parts := [][]byte{header, parent.parts[0], []byte("{}"), body}
	frames := append(append(append([][]byte{}, route...), []byte("<IDS|MSG>"), []byte(k.sign(parts))), parts...)
	s.SendMulti(zmq4.NewMsgFrom(frames...))
}

func (k *kernel) publish(kind string, parent message, content any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.send(k.pub, [][]byte{[]byte(kind)}, kind, parent, content)
}

func (k *kernel) answer(shell zmq4.Socket, m message) {
	k.publish("status", m, map[string]any{"execution_state": "busy"})
	defer k.publish("status", m, map[string]any{"execution_state": "idle"})
	reply := func(kind string, content map[string]any) {
		content["status"] = "ok"
		k.send(shell, m.route, kind, m, content)
	}
	switch m.kind {
	case "kernel_info_request":
		reply("kernel_info_reply", map[string]any{"language_info": map[string]any{"name": "go", "file_extension": ".go"}})
	case "complete_request":
		reply("complete_reply", map[string]any{"matches": []string{m.code + "ln"}, "cursor_start": 0, "cursor_end": len(m.code)})
	case "inspect_request":
		reply("inspect_reply", map[string]any{"found": true, "data": map[string]any{"text/plain": "func " + m.code}})
	case "execute_request":
		k.count++
		name, text := k.execute(m)
		if name == "" {
			reply("execute_reply", map[string]any{"execution_count": k.count})
			return
		}
		k.publish("error", m, map[string]any{"ename": name, "evalue": text, "traceback": []string{"\x1b[31m" + name + "\x1b[0m: " + text}})
		k.send(shell, m.route, "execute_reply", m, map[string]any{"status": "error", "execution_count": k.count, "ename": name, "evalue": text})
	}
}

// execute runs a cell and returns its error's name and text, if any.
func (k *kernel) execute(m message) (name, text string) {
	unescape := strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\e`, "\x1b")
	stream := func(name, text string) {
		k.publish("stream", m, map[string]any{"name": name, "text": unescape.Replace(text)})
	}
	bundle := func(rest, id string) map[string]any {
		mime, text, _ := strings.Cut(rest, " ")
		return map[string]any{"data": map[string]any{mime: unescape.Replace(text)}, "metadata": map[string]any{}, "transient": map[string]any{"display_id": id}, "execution_count": k.count}
	}
	for line := range strings.Lines(m.code) {
		verb, rest, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
		switch verb {
		case "print":
			stream("stdout", rest)
		case "stderr":
			stream("stderr", rest)
		case "env":
			stream("stdout", os.Getenv(rest))
		case "cwd":
			dir, _ := os.Getwd()
			stream("stdout", dir)
		case "display":
			k.publish("display_data", m, bundle(rest, ""))
		case "result":
			k.publish("execute_result", m, bundle(rest, ""))
		case "show", "update":
			id, rest, _ := strings.Cut(rest, " ")
			kind := map[string]string{"show": "display_data", "update": "update_display_data"}[verb]
			k.publish(kind, m, bundle(rest, id))
		case "clear":
			k.publish("clear_output", m, map[string]any{"wait": true})
		case "flood":
			n, _ := strconv.Atoi(rest)
			for range n {
				stream("stdout", strings.Repeat(strings.Repeat("x", 63)+"\n", 1024))
			}
		case "fail":
			name, text, _ := strings.Cut(rest, " ")
			return name, unescape.Replace(text)
		case "wait":
			<-k.interrupt
			return "Interrupted", "signal: interrupt"
		case "hang":
			sleepForever()
		case "input":
			k.send(k.stdin, m.route, "input_request", m, map[string]any{"prompt": "?", "password": false})
			<-k.interrupt
			return "Interrupted", "signal: interrupt"
		case "leave":
			if pid, err := leave(); err == nil {
				stream("stdout", strconv.Itoa(pid))
			}
		case "die":
			fmt.Fprintln(os.Stderr, "fake kernel: dying as told")
			os.Exit(7)
		}
	}
	return "", ""
}

func leave() (int, error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), Variable+"=sleeper")
	ownGroup(cmd)
	err := cmd.Start()
	return cmd.Process.Pid, err
}

// sleepForever never returns. An empty select would not do: where no other
// goroutine can run, Go ends the program as deadlocked.
func sleepForever() {
	for {
		time.Sleep(time.Hour)
	}
}
