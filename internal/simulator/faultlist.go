package simulator

import "encoding/json"

// listFaults are the bodies that only lists have, each with the endpoints that
// answer such a list.
func listFaults() map[string][]string {
	rows := []string{"tests", "suites", "suite-runs", "suite-trigger", "runs", "versions", "messages"}
	pages := []string{"tests", "suite-runs", "runs", "messages"}
	return map[string][]string{
		bodyDoubled: rows, bodyLost: rows, bodyShort: {"tests", "suite-runs", "runs"},
		bodyUnfiltered: {"tests", "suite-runs", "runs"},
		bodyMoved:      pages, bodyFirstPage: pages, bodyWrongPage: pages, bodyWrongTotal: pages,
	}
}

// notAlwaysThere are fields of tests and runs that a row in short lacks.
var notAlwaysThere = []string{
	"description", "destination", "instructions", "max_duration_seconds", "rubric", "telnyx_conversation_channel",
	"detail_status", "logs",
}

// spoilList does what a fault does to the rows and the meta data of a list that
// is written already. Other answers stay as they are.
func spoilList(body []byte, fault string) []byte {
	return remade(body, func(value any) any {
		answer, enveloped := value.(map[string]any)
		rows, ok := value.([]any)
		if enveloped {
			rows, ok = answer["data"].([]any)
		}
		if !ok {
			return value
		}
		rows = spoilRows(rows, fault)
		if !enveloped {
			return rows
		}
		answer["data"] = rows
		if meta, ok := answer["meta"].(map[string]any); ok {
			spoilMeta(meta, fault)
		}
		return answer
	})
}

func spoilRows(rows []any, fault string) []any {
	switch {
	case fault == bodyDoubled && len(rows) > 1:
		rows[len(rows)-1] = rows[0]
	case fault == bodyLost && len(rows) > 0:
		return rows[:len(rows)-1]
	case fault == bodyShort:
		for _, o := range objects(rows) {
			for _, name := range notAlwaysThere {
				delete(o, name)
			}
		}
	}
	return rows
}

func spoilMeta(meta map[string]any, fault string) {
	name := map[string]string{bodyWrongPage: "page_number", bodyWrongTotal: "total_results"}[fault]
	if n, ok := meta[name].(json.Number); ok {
		count, _ := n.Int64() // the simulator has written it
		meta[name] = count + 1
	}
}
