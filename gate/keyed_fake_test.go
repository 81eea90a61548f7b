package gate_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// keyedAPI is a Telnyx that honours idempotency keys and loses answers, shortens lists and refuses versions at random.
type keyedAPI struct {
	*fakeAPI
	random    *rand.Rand
	faults    float64 // how likely an answer is of no use
	badLists  float64 // how likely a list is
	made      map[string][]telnyx.Run
	sentKeys  []string
	firstOf   map[string]string
	accepted  map[string]bool // destinations
	breaches  []string
	mostCalls int // at the same time
	most      int // runs at the same time
	latency   time.Duration
}

func (k *keyedAPI) test(id string) telnyx.Test {
	for _, t := range k.tests {
		if t.ID == id {
			return t
		}
	}
	return telnyx.Test{}
}

func (k *keyedAPI) ofSuite(name string) []telnyx.Test {
	var out []telnyx.Test
	for _, t := range k.tests {
		if t.Suite == name {
			out = append(out, t)
		}
	}
	return out
}

// wait is how long the network and Telnyx take.
func (k *keyedAPI) wait(ctx context.Context) error {
	k.mu.Lock()
	pause := time.Duration(k.random.Int64N(int64(k.latency) + 1))
	k.mu.Unlock()
	select {
	case <-time.After(pause):
		return nil
	case <-ctx.Done():
		return &telnyx.Error{Op: "x", Kind: telnyx.KindAmbiguous, Err: ctx.Err()}
	}
}

// send is what happens to a trigger of tests.
func (k *keyedAPI) send(ctx context.Context, key, version, suiteRun string, tests []telnyx.Test) ([]telnyx.Run, bool, error) {
	k.mu.Lock()
	if !slices.Contains(k.sentKeys, key) {
		k.sentKeys = append(k.sentKeys, key)
		k.checkFirst(key, tests)
	}
	k.mu.Unlock()
	if err := k.wait(ctx); err != nil {
		return nil, false, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch f := k.random.Float64(); {
	case f < k.faults/3:
		return nil, false, apiError(telnyx.KindRateLimited, 429)
	case f < 2*k.faults/3:
		return nil, false, apiError(telnyx.KindAmbiguous, 502) // nothing was made
	}
	runs, replayed := k.made[key], true
	if runs == nil {
		replayed = false
		for _, t := range tests {
			runs = append(runs, k.fakeAPI.make(t.ID, version, suiteRun))
		}
		k.made[key] = runs
		calls, all := k.underWay()
		k.mostCalls, k.most = max(k.mostCalls, calls), max(k.most, all)
	}
	if k.random.Float64() < k.faults/3 {
		return nil, false, apiError(telnyx.KindAmbiguous, 0) // the answer is lost
	}
	for _, t := range tests {
		k.accepted[t.Destination] = true
	}
	return slices.Clone(runs), replayed, nil
}

// checkFirst holds that nothing goes to a destination while its first trigger is not accepted.
func (k *keyedAPI) checkFirst(key string, tests []telnyx.Test) {
	for _, t := range tests {
		if first, ok := k.firstOf[t.Destination]; !ok {
			k.firstOf[t.Destination] = key
		} else if first != key && !k.accepted[t.Destination] {
			k.breaches = append(k.breaches, "a second trigger to "+t.Destination+" before the first was accepted")
		}
	}
}

// underWay is how many runs go on. One that never ends counts until the bound of its test says that it has.
func (k *keyedAPI) underWay() (calls, all int) {
	for _, r := range k.runs {
		takes := k.takes
		if k.never[r.run.TestID] {
			takes = 6 * time.Minute
		}
		if time.Since(r.from) >= takes {
			continue
		}
		all++
		if k.test(r.run.TestID).Channel == telnyx.ChannelPhoneCall {
			calls++
		}
	}
	return calls, all
}

func (k *keyedAPI) TriggerTest(ctx context.Context, r telnyx.TriggerRequest) (telnyx.Triggered, error) {
	k.mu.Lock()
	k.triggers = append(k.triggers, r)
	k.mu.Unlock()
	runs, replayed, err := k.send(ctx, r.IdempotencyKey, r.VersionID, "", []telnyx.Test{k.test(r.TestID)})
	if err != nil {
		return telnyx.Triggered{}, err
	}
	return telnyx.Triggered{Run: runs[0], Replayed: replayed}, nil
}

func (k *keyedAPI) TriggerSuite(ctx context.Context, r telnyx.SuiteTriggerRequest) (telnyx.SuiteTriggered, error) {
	k.mu.Lock()
	k.suites = append(k.suites, r)
	k.mu.Unlock()
	runs, replayed, err := k.send(ctx, r.IdempotencyKey, r.VersionID, "suite run "+r.IdempotencyKey, k.ofSuite(r.Suite))
	return telnyx.SuiteTriggered{Runs: runs, Replayed: replayed}, err
}

func (k *keyedAPI) GetSuiteRuns(ctx context.Context, r telnyx.SuiteRunsRequest) (telnyx.SuiteRuns, error) {
	if err := k.wait(ctx); err != nil {
		return telnyx.SuiteRuns{}, err
	}
	page, err := k.fakeAPI.GetSuiteRuns(ctx, r)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.random.Float64() >= k.badLists {
		return page, err
	}
	switch k.random.IntN(6) {
	case 0:
		return telnyx.SuiteRuns{}, apiError(telnyx.KindRateLimited, 429)
	case 1:
		return telnyx.SuiteRuns{}, apiError(telnyx.KindNotFound, 404)
	case 2:
		page.Total--
	case 3:
		k.random.Shuffle(len(page.Runs), func(i, j int) { page.Runs[i], page.Runs[j] = page.Runs[j], page.Runs[i] })
		page.Runs = page.Runs[:k.random.IntN(len(page.Runs)+1)]
	case 4:
		for i := range page.Runs {
			page.Runs[i].TestID = k.tests[k.random.IntN(len(k.tests))].ID
		}
	default:
		return telnyx.SuiteRuns{}, apiError(telnyx.KindAmbiguous, 503)
	}
	return page, nil
}

func (k *keyedAPI) GetRun(ctx context.Context, testID, runID string) (telnyx.Run, error) {
	if err := k.wait(ctx); err != nil {
		return telnyx.Run{}, err
	}
	run, err := k.fakeAPI.GetRun(ctx, testID, runID)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.random.Float64() < k.badLists/2 {
		kinds := []telnyx.Kind{telnyx.KindRateLimited, telnyx.KindAmbiguous, telnyx.KindMalformed, telnyx.KindNotFound}
		return telnyx.Run{}, apiError(kinds[k.random.IntN(len(kinds))], 500)
	}
	return run, err
}

func (k *keyedAPI) ListTests(_ context.Context, filter telnyx.TestFilter) ([]telnyx.Test, error) {
	return k.ofSuite(filter.Suite), nil
}
