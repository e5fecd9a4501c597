package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/specstress/specstress/loaders/embed/provider"
)

// A server of one's own that speaks OpenAI's API needs no key.
func ExampleNew() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"data": [{"index": 0, "embedding": [0.6, 0.8]}, {"index": 1, "embedding": [1, 0]}]}`)
	}))
	defer server.Close()
	c, err := provider.New(provider.Config{API: provider.OpenAI, BaseURL: server.URL + "/v1", Model: "some-model"})
	if err != nil {
		panic(err)
	}
	v, err := c.Embed(context.Background(), []string{"privacy or safety?", "write a poem"}, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Name(), v.Dim, v.Data)
	// Output: some-model (openai) 2 [0.6 0.8 1 0]
}
