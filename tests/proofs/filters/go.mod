module mlplatform.example/proofs/filters

go 1.27

require go.einride.tech/aip v0.86.4

require (
	google.golang.org/genproto/googleapis/api v0.0.0-20260526163538-3dc84a4a5aaa // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260526163538-3dc84a4a5aaa // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)

tool mlplatform.example/proofs/filters/readfilter
