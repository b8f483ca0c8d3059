// Reads filters with a published parser of AIP-160, the grammar that Google's APIs state: a JSON list of texts on
// stdin, a list of what is wrong with each on stdout.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"go.einride.tech/aip/filtering"
)

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	problems := make([]string, len(texts))
	for index, text := range texts {
		var parser filtering.Parser
		parser.Init(text)
		if _, err := parser.Parse(); err != nil {
			problems[index] = err.Error()
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(problems); err != nil {
		os.Exit(1)
	}
}
