// Holds requests and answers against Grafana's own client, which is made of the description of its interface: a JSON list
// of exchanges on stdin, a list of what is wrong with each on stdout.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"

	"github.com/go-openapi/runtime"
	httptransport "github.com/go-openapi/runtime/client"
	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/client/dashboards"
	"github.com/grafana/grafana-openapi-client-go/client/datasources"
	"github.com/grafana/grafana-openapi-client-go/client/folders"
	"github.com/grafana/grafana-openapi-client-go/client/health"
	"github.com/grafana/grafana-openapi-client-go/models"
)

const host = "grafana.example"

type exchange struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Body   json.RawMessage `json:"body"`
	Status int             `json:"status"`
	Answer json.RawMessage `json:"answer"`
}

// records what the client sends, and answers as it is told.
type recorder struct {
	told exchange
	sent *http.Request
	body []byte
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	r.sent = request
	if request.Body != nil {
		r.body, _ = io.ReadAll(request.Body)
	}
	return &http.Response{
		StatusCode: r.told.Status,
		Header:     http.Header{"Content-Type": []string{"application/json"}},
		Body:       io.NopCloser(bytes.NewReader(r.told.Answer)),
		Request:    request,
	}, nil
}

// An operation of the description: the model of its body, the model of its answer, and the call.
type operation struct {
	body   any
	answer any
	call   func(transport runtime.ClientTransport, uid string, body any) error
}

var operations = map[string]operation{
	"GET /health": {nil, &models.HealthResponse{}, func(t runtime.ClientTransport, _ string, _ any) error {
		_, err := health.New(t, strfmt.Default).GetHealth()
		return err
	}},
	"GET /folders/{uid}": {nil, &models.Folder{}, func(t runtime.ClientTransport, uid string, _ any) error {
		_, err := folders.New(t, strfmt.Default).GetFolderByUID(uid)
		return err
	}},
	"POST /folders": {&models.CreateFolderCommand{}, &models.Folder{}, func(t runtime.ClientTransport, _ string, body any) error {
		_, err := folders.New(t, strfmt.Default).CreateFolder(body.(*models.CreateFolderCommand))
		return err
	}},
	"GET /datasources/uid/{uid}": {nil, &models.DataSource{}, func(t runtime.ClientTransport, uid string, _ any) error {
		_, err := datasources.New(t, strfmt.Default).GetDataSourceByUID(uid)
		return err
	}},
	"POST /datasources": {&models.AddDataSourceCommand{}, &models.AddDataSourceOKBody{}, func(t runtime.ClientTransport, _ string, body any) error {
		_, err := datasources.New(t, strfmt.Default).AddDataSource(body.(*models.AddDataSourceCommand))
		return err
	}},
	"PUT /datasources/uid/{uid}": {&models.UpdateDataSourceCommand{}, &models.UpdateDataSourceByUIDOKBody{}, func(t runtime.ClientTransport, uid string, body any) error {
		_, err := datasources.New(t, strfmt.Default).UpdateDataSourceByUID(uid, body.(*models.UpdateDataSourceCommand))
		return err
	}},
	"GET /dashboards/uid/{uid}": {nil, &models.DashboardFullWithMeta{}, func(t runtime.ClientTransport, uid string, _ any) error {
		_, err := dashboards.New(t, strfmt.Default).GetDashboardByUID(uid)
		return err
	}},
	"DELETE /dashboards/uid/{uid}": {nil, &models.DeleteDashboardByUIDOKBody{}, func(t runtime.ClientTransport, uid string, _ any) error {
		_, err := dashboards.New(t, strfmt.Default).DeleteDashboardByUID(uid)
		return err
	}},
	"POST /dashboards/db": {&models.SaveDashboardCommand{}, &models.PostDashboardOKBody{}, func(t runtime.ClientTransport, _ string, body any) error {
		_, err := dashboards.New(t, strfmt.Default).PostDashboard(body.(*models.SaveDashboardCommand))
		return err
	}},
}

// find names the operation of a request, and the identifier in its path.
func find(method, path string) (operation, string, bool) {
	if found, ok := operations[method+" "+path]; ok {
		return found, "", true
	}
	cut := strings.LastIndex(path, "/")
	found, ok := operations[method+" "+path[:cut]+"/{uid}"]
	return found, path[cut+1:], ok
}

// strictly reads JSON, and says of which field the model knows nothing.
func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if checked, ok := into.(runtime.Validatable); ok {
		return checked.Validate(strfmt.Default)
	}
	return nil
}

func empty(value any) bool {
	// the client sends no time as the first one
	return value == nil || value == "0001-01-01T00:00:00.000Z" || reflect.ValueOf(value).IsZero()
}

// differs compares two bodies: the client leaves out what is empty.
func differs(ours, theirs []byte) error {
	var left, right map[string]any
	if err := json.Unmarshal(ours, &left); err != nil {
		return err
	}
	if err := json.Unmarshal(theirs, &right); err != nil {
		return err
	}
	for key, value := range left {
		if !reflect.DeepEqual(value, right[key]) && !(empty(value) && empty(right[key])) {
			return fmt.Errorf("%s: the client sends %v", key, right[key])
		}
	}
	for key := range right {
		if _, ok := left[key]; !ok && !empty(right[key]) {
			return fmt.Errorf("%s: only the client sends it", key)
		}
	}
	return nil
}

func wrong(told exchange) error {
	path, ours := strings.CutPrefix(told.Path, "/api")
	found, uid, known := find(told.Method, path)
	if !ours || !known {
		return errors.New("the description has no such request, or nobody holds it against one here")
	}
	body := fresh(found.body)
	if found.body != nil {
		if err := strictly(told.Body, body); err != nil {
			return fmt.Errorf("body: %w", err)
		}
	} else if len(told.Body) > 0 && string(told.Body) != "null" {
		return errors.New("body: the request has none")
	}
	if told.Status/100 == 2 {
		if err := strictly(told.Answer, fresh(found.answer)); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
	recording := &recorder{told: told}
	transport := httptransport.New(host, "/api", []string{"https"})
	transport.Transport = recording
	err := found.call(transport, uid, body)
	if recording.sent == nil {
		return fmt.Errorf("the client sends nothing: %w", err)
	}
	if recording.sent.Method != told.Method || recording.sent.URL.RequestURI() != told.Path {
		return fmt.Errorf("the client sends %s %s", recording.sent.Method, recording.sent.URL.RequestURI())
	}
	if found.body != nil {
		if err := differs(told.Body, recording.body); err != nil {
			return fmt.Errorf("body: %w", err)
		}
	}
	var unknown *runtime.APIError
	if errors.As(err, &unknown) {
		return fmt.Errorf("answer: the description has no status %d", told.Status)
	}
	if (err == nil) != (told.Status/100 == 2) {
		return fmt.Errorf("answer: the client cannot read it: %w", err)
	}
	return nil
}

func fresh(model any) any {
	if model == nil {
		return nil
	}
	return reflect.New(reflect.TypeOf(model).Elem()).Interface()
}

func main() {
	var exchanges []exchange
	if err := json.NewDecoder(os.Stdin).Decode(&exchanges); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	problems := make([]string, len(exchanges))
	for index, told := range exchanges {
		if err := wrong(told); err != nil {
			problems[index] = err.Error()
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(problems); err != nil {
		os.Exit(1)
	}
}
