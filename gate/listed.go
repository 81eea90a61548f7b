package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/group"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// listWait is how long the gate waits for the list of all tests before it also requests each test.
const listWait = 5 * time.Second

// isComplete reports whether a listed test has everything that the plan needs. Without the rubric, the gate would miss a
// criterion that was not judged; without the destination, another assistant; without the channel, a phone call. The gate
// requests an incomplete test separately.
func isComplete(t telnyx.Test) bool {
	nameless := func(c telnyx.Criterion) bool { return c.Name == "" }
	return len(t.Rubric) > 0 && !slices.ContainsFunc(t.Rubric, nameless) && t.Destination != "" && t.Channel != ""
}

// lookUpIDs looks up the tests of test-ids or last-failed. If there are many, it reads the list of all tests, which has 100 on a page. It
// requests a test separately if the list lacks it, has it incomplete or is too slow.
func (p *planner) lookUpIDs(ctx context.Context) ([]telnyx.Test, []error) {
	ids := slices.Clone(p.settings.TestIDs)
	for _, t := range p.settings.Blocked {
		ids = append(ids, t.ID)
	}
	tests, errs := make([]telnyx.Test, len(ids)), make([]error, len(ids))
	list := p.findTests(ctx, ids)
	defer list.close()
	list.await(ctx, listWait)
	var work group.Group
	for i, id := range ids {
		if test, ok := list.find(id); ok {
			tests[i] = test
			continue
		}
		work.Go(func() { tests[i], errs[i] = p.lookUpID(ctx, list, id) })
	}
	work.Wait()
	return tests, errs
}

// lookUpID requests a test, unless the list delivers it first.
func (p *planner) lookUpID(ctx context.Context, list *testList, id string) (telnyx.Test, error) {
	asking, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(list.arrived, func() {
		if _, ok := list.find(id); ok {
			cancel()
		}
	})
	defer stop()
	test, err := p.api.GetTest(asking, id)
	if listed, ok := list.find(id); ok && err != nil && asking.Err() != nil {
		return listed, nil
	}
	return test, err
}

// testList is the list of all tests while the gate is reading it. It leaves out incomplete tests.
type testList struct {
	work    group.Group
	arrived context.Context        // ends when the list is complete or was given up
	found   map[string]telnyx.Test // by telnyx.IDKey; read it only after arrived has ended
	cancel  context.CancelFunc
}

// findTests starts reading the list of all tests. Errors do not matter, because the gate can request each test separately.
func (p *planner) findTests(ctx context.Context, ids []string) *testList {
	arrived, arrive := context.WithCancel(context.Background())
	list := &testList{arrived: arrived, found: map[string]telnyx.Test{}, cancel: arrive}
	if len(ids) <= maxSingleLookUps {
		arrive()
		return list
	}
	ctx, list.cancel = context.WithCancel(telnyx.WithPatience(ctx, nil)) // if the list fails, the gate requests each test
	list.work.Go(func() {
		defer arrive()
		tests, _ := p.api.FindTests(ctx, ids)
		for _, t := range tests {
			if isComplete(t) {
				list.found[telnyx.IDKey(t.ID)] = t
			}
		}
	})
	return list
}

// await waits for the list, but not longer than limit.
func (l *testList) await(ctx context.Context, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case <-l.arrived.Done():
	case <-ctx.Done():
	}
}

// find returns a test if the list has arrived and contains it.
func (l *testList) find(id string) (telnyx.Test, bool) {
	if l.arrived.Err() == nil {
		return telnyx.Test{}, false
	}
	test, ok := l.found[telnyx.IDKey(id)]
	return test, ok
}

// close stops reading the list.
func (l *testList) close() {
	l.cancel()
	l.work.Wait()
}

// lookUpSuite looks up the tests of a suite and requests each incomplete one separately. The slice errs has one error per
// test, which may be nil.
func (p *planner) lookUpSuite(ctx context.Context, name string) (tests []telnyx.Test, errs []error, err error) {
	tests, err = p.api.ListTests(ctx, telnyx.TestFilter{Suite: name})
	if err != nil {
		return nil, nil, err
	}
	errs = make([]error, len(tests))
	var work group.Group
	for i, t := range tests {
		if !isComplete(t) && belongs(t, name) {
			work.Go(func() { tests[i], errs[i] = p.complete(ctx, t) })
		}
	}
	work.Wait()
	return tests, errs, nil
}

// belongs reports whether a test that Telnyx listed under a suite may belong to it. A test without a suite may, because the
// contract does not promise that a test names its suite.
func belongs(t telnyx.Test, suite string) bool { return t.Suite == suite || t.Suite == "" }

// complete requests a test that is incomplete in a list.
func (p *planner) complete(ctx context.Context, listed telnyx.Test) (telnyx.Test, error) {
	test, err := p.api.GetTest(ctx, listed.ID)
	if err != nil {
		return listed, err
	}
	if test.Suite == "" {
		test.Suite = listed.Suite
	}
	if listed.Suite != "" && listed.Suite != test.Suite {
		return listed, &contradiction{fmt.Sprintf("Telnyx lists test %q (%s) under suite %q, but says of the test itself that its suite is %q: nothing was triggered; start the gate again",
			test.Name, test.ID, listed.Suite, test.Suite)}
	}
	return test, nil
}

// contradiction is the error for answers from Telnyx that cannot all be true or that lack something essential. Its text also
// tells the user what to do.
type contradiction struct{ text string }

func (c *contradiction) Error() string { return c.text }
