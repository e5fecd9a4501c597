package hubtest

import (
	"fmt"
	"net/http"
	"strings"
)

// A Request is what a host saw, and what became of it.
type Request struct {
	Host   Host
	Method string
	URL    string // path and query as sent
	Header http.Header

	// Attempt counts requests of the same host, method, path and Range,
	// from 0, whatever the signature in the query.
	Attempt int

	Status int   // 0 when the connection was closed without a response
	Sent   int64 // bytes of body handed to the connection
	Fault  Fault // the fault that was played, zero if none
}

// key identifies attempts at the same thing.
func (r Request) key() string {
	path, _, _ := strings.Cut(r.URL, "?")
	return r.Host.String() + " " + r.Method + " " + path + " " + r.Header.Get("Range")
}

// Requests is what all hosts saw, in the order of arrival. Those that are
// not over have no Status yet.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Request, len(s.requests))
	for i, r := range s.requests {
		all[i] = *r
	}
	return all
}

// Forget empties the record of requests.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests, s.attempts = nil, map[string]int{}
}

// A Count adds up requests of one host.
type Count struct {
	Requests int   `json:"requests"`
	Bytes    int64 `json:"bytes"` // of bodies
}

// Counts adds up what each host saw.
func (s *Server) Counts() [3]Count {
	var n [3]Count
	for _, r := range s.Requests() {
		n[r.Host].Requests++
		n[r.Host].Bytes += r.Sent
	}
	return n
}

// Leaks names every request in which the token stood where it must not: in
// any part of a request to another host than the Hub, or in an address or
// another header than Authorization on the Hub itself. A Referer sent to
// another host counts as well, for signed addresses are secrets too.
func (s *Server) Leaks(token string) []string {
	var leaks []string
	for _, r := range s.Requests() {
		if strings.Contains(r.URL, token) {
			leaks = append(leaks, fmt.Sprintf("%s: token in the address %s", r.Host, r.URL))
		}
		for name, values := range r.Header {
			text := strings.Join(values, " ")
			switch {
			case r.Host == Hub && name == "Authorization":
			case strings.Contains(text, token), r.Host != Hub && (name == "Authorization" || name == "Cookie" || name == "Referer"):
				leaks = append(leaks, fmt.Sprintf("%s: %s %s with header %s", r.Host, r.Method, r.URL, name))
			}
		}
	}
	return leaks
}
