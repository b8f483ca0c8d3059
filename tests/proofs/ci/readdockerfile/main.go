// Reads a Dockerfile from stdin with BuildKit's own parser and instructions; what is wrong with it goes to stderr.
package main

import (
	"fmt"
	"os"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

func main() {
	read, err := parser.Parse(os.Stdin)
	if err == nil {
		var stages []instructions.Stage
		if stages, _, err = instructions.Parse(read.AST, nil); err == nil {
			for _, stage := range stages {
				fmt.Println(stage.BaseName)
			}
			return
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
