package simulator

import "encoding/json"

// listFaults are the body faults of lists, each with its endpoints.
func listFaults() map[string][]string {
	rows := []string{"tests", "suites", "suite-runs", "suite-trigger", "runs", "assistants", "versions", "messages"}
	pages := []string{"tests", "suite-runs", "runs", "messages"}
	return map[string][]string{
		bodyDoubled: rows, bodyLost: rows, bodyShort: {"tests", "suite-runs", "runs"},
		bodyUnfiltered: {"tests", "suite-runs", "runs"},
		bodyMoved:      pages, bodyFirstPage: pages, bodyWrongPage: pages, bodyWrongTotal: pages,
	}
}

// optionalFields are the fields of tests and runs that bodyShort leaves out.
var optionalFields = []string{
	"description", "destination", "instructions", "max_duration_seconds", "rubric", "telnyx_conversation_channel",
	"detail_status", "logs",
}

// corruptList applies a fault to the rows and the metadata of an encoded list.
// Other answers stay as they are.
func corruptList(body []byte, fault string) []byte {
	return rewriteJSON(body, func(value any) any {
		answer, enveloped := value.(map[string]any)
		rows, ok := value.([]any)
		if enveloped {
			rows, ok = answer["data"].([]any)
		}
		if !ok {
			return value
		}
		rows = corruptRows(rows, fault)
		if !enveloped {
			return rows
		}
		answer["data"] = rows
		if meta, ok := answer["meta"].(map[string]any); ok {
			corruptMeta(meta, fault)
		}
		return answer
	})
}

func corruptRows(rows []any, fault string) []any {
	switch {
	case fault == bodyDoubled && len(rows) > 1:
		rows[len(rows)-1] = rows[0]
	case fault == bodyLost && len(rows) > 0:
		return rows[:len(rows)-1]
	case fault == bodyShort:
		for _, o := range objects(rows) {
			for _, name := range optionalFields {
				delete(o, name)
			}
		}
	}
	return rows
}

func corruptMeta(meta map[string]any, fault string) {
	name := map[string]string{bodyWrongPage: "page_number", bodyWrongTotal: "total_results"}[fault]
	if n, ok := meta[name].(json.Number); ok {
		count, _ := n.Int64() // an integer: the simulator wrote it
		meta[name] = count + 1
	}
}
