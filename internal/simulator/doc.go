// Package simulator is the Telnyx AI-assistant-tests API as a local
// [http.Handler], written from the published contract (Telnyx OpenAPI
// 2026-07-16, and the Idempotency-Key text of the SDKs of 2026-08-21). It shares
// no type with the client, so that the two can contradict each other.
//
// It is strict: what the contract refuses, it refuses. If the contract is
// silent or contradicts itself, a comment names the choice beside its code, and
// the world can often change it.
//
// # Worlds
//
// A [World] is what is simulated: one account with its assistants, their versions,
// its tests, and how each run of a test ends. It is a YAML file;
// world.yaml in this folder is the built-in one and an example of every common
// key. An error about an unknown key or a contradiction names its line.
//
//	api_key: SIMULATOR          # the one accepted key
//	speed: 20                   # simulated seconds that pass in a real second (default 1)
//	seed: demo                  # run ids are derived from it (default: random)
//	nulls: false                # true: optional fields without a value are null, else left out
//	validation_errors: detail   # shape of a 422: detail (FastAPI) or errors (errors[])
//	idempotency: honoured       # or ignored: as if the header were absent
//	clock: -3m                  # how far its clock is ahead, in Date and in all timestamps (default 0s)
//	rate_limit: {requests: 10, per: 1s, headers: telnyx}   # or retry-after, epoch, none
//
//	assistants:
//	  - id: assistant-00000000-0000-4000-8000-000000000001
//	    name: Riverside Clinic reception
//	    versions:               # exactly one is main
//	      - {id: 20261105T090000000001, name: autumn hours, main: true}
//	      - {id: 20261120T141500000002, name: 3f9c2ab}
//	    canary:                 # optional, as the API's rules
//	      - serve: {rollout: [{version_id: 20261120T141500000002, weight: 10}]}
//
//	tests:
//	  - id: 00000000-0000-4000-8000-000000000002
//	    name: Books a first appointment
//	    suite: Booking
//	    channel: web_chat       # phone_call, web_call, sms_chat, web_chat (default)
//	    destination: assistant-00000000-0000-4000-8000-000000000001
//	    max_duration_seconds: 180
//	    instructions: You want to see a doctor for the first time.
//	    rubric:
//	      - {name: Confirms, criteria: The assistant repeats day and time.}
//	    runs:                   # how successive runs go; the last repeats
//	      - queue: 4s           # time pending (default 0s)
//	        duration: 52s       # from then to the verdict (default 40s)
//	        ends: failed        # passed (default), failed, error, never, or any other word
//	        criteria: {Confirms: failed}      # passed, failed, error, pending
//	        transcript:
//	          - {role: user, text: Hello}
//	          - {role: assistant, tool_calls: [{name: find_slots, arguments: {day: monday}}]}
//	          - {role: tool, text: '{"slots":["09:20"]}'}
//	        conversation: {version: 20261105T090000000001}   # it names this version; see below
//	      - ends: passed        # the second run, and all after it
//
// A test without runs passes after 40 s. Entries with a version count for runs
// on that version alone, and a version that has entries of its own uses no
// others; runs are counted for each test and version. A criterion that is not
// named ends as its run suggests: passed if the run passed; pending if the run
// ended in an error or an unknown word; and if the run failed and no criterion is
// named at all, the first one failed. Without logs, logs are generated from the
// transcript. The first assistant of the file answers for a destination that is
// not an assistant (a number, a URL).
//
// The metadata of a conversation names the assistant and the version of the run.
// A run's conversation may have:
//
//	version: ID         # it names this version, as with a canary
//	assistant: ID       # it names this assistant, and its main version, as after a hand-over
//	unnamed: true       # it names no version
//	missing: true       # it is not found, as with retention turned off
//	late: 5s            # it is found only so long after the run's end
//
// # Faults
//
// Faults simulate outages. The first fault of the list that matches a request and
// is not used up applies. Durations in faults are real time, not divided by speed.
//
//	faults:
//	  - on: trigger             # test, tests, suites, trigger, suite-trigger, run, runs, suite-runs, version,
//	                            # versions, assistants, assistant, update, promote, canary, canary-delete, conversation, messages, any
//	    match: Books a first appointment   # optional: id or name of what the path names
//	    after: 1                # let this many matching requests through first
//	    times: 2                # then apply it this often (0: always)
//	    do: {status: 503, code: "10007", detail: try later, headers: {Retry-After: "3"}}
//
// `do` has one of these. `delay` (executed at once, answered late) can be added to any:
//
//	status: 503         # answered at once, nothing executed; may be given with code, detail, headers, body;
//	                    # with code: "10016" Telnyx's idempotency protection is unavailable
//	status_after: 500   # executed, then answered with this; not a success, so a keyed retry makes a second run
//	drop: before        # the connection ends without an answer, nothing executed
//	drop: after         # executed, then the connection ends without an answer
//	hang: 60s           # nothing happens for this long, then it is executed if the client still waits
//	body: truncated     # cut off midway; or html, empty, not-json, huge (over 16 MiB),
//	                    # other-run, other-test, other-version (a valid answer with another run_id, test_id, version_id),
//	                    # edited (a valid answer about an assistant or version with other instructions)
//	body: doubled       # of a list: a copy of the first row replaces the last; or lost (the last row is left out),
//	                    # short (rows lack optional fields: of tests rubric, channel, destination and more, of runs
//	                    # detail_status and logs), moved (each row moves one place towards the end between two pages, so that
//	                    # the last of one page is also the first of the next, and the last of all is on none),
//	                    # first-page (the rows of page 1, whatever page was requested), wrong-page (page_number is one more),
//	                    # wrong-total (total_results is one more), unfiltered (filters are ignored); otherwise the metadata stay as they were
//	status_word: frozen # the status of every run in the answer
//	no_details: true    # detail_status of every run in the answer is null; alone or with status_word
//	redirect: https://example.com/    # 302, nothing executed
package simulator
