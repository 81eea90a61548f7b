package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/group"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// listWait is how long the list of all tests is waited for before each test is asked for by itself as well.
const listWait = 5 * time.Second

// testInFull reports whether a test in a list has everything that the plan decides by: without its rubric nobody would notice a
// criterion that was not judged, without its destination another assistant, without its channel a phone call. What a
// list has in short is asked for by itself.
func testInFull(t telnyx.Test) bool {
	nameless := func(c telnyx.Criterion) bool { return c.Name == "" }
	return len(t.Rubric) > 0 && !slices.ContainsFunc(t.Rubric, nameless) && t.Destination != "" && t.Channel != ""
}

// lookUpIDs asks for the tests of test-ids: if they are many, for the list of all tests, which has a hundred on a page,
// and by itself for each that the list lacks, has in short or does not bring in time.
func (p *planner) lookUpIDs(ctx context.Context) ([]telnyx.Test, []error) {
	ids := p.settings.TestIDs
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

// lookUpID asks for a test, unless the list brings it first.
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

// testList is the list of all tests while it is being read. Tests in short are left out.
type testList struct {
	work    group.Group
	arrived context.Context        // ends when the list is there, or there will be none
	found   map[string]telnyx.Test // by telnyx.IDKey; not to be read before
	cancel  context.CancelFunc
}

// findTests begins to read the list of all tests. What goes wrong with it does not matter: each test can be asked for.
func (p *planner) findTests(ctx context.Context, ids []string) *testList {
	arrived, arrive := context.WithCancel(context.Background())
	list := &testList{arrived: arrived, found: map[string]telnyx.Test{}, cancel: arrive}
	if len(ids) <= maxSingleLookUps {
		arrive()
		return list
	}
	ctx, list.cancel = context.WithCancel(telnyx.WithPatience(ctx, nil)) // its failure must not keep the gate from asking for each
	list.work.Go(func() {
		defer arrive()
		tests, _ := p.api.FindTests(ctx, ids)
		for _, t := range tests {
			if testInFull(t) {
				list.found[telnyx.IDKey(t.ID)] = t
			}
		}
	})
	return list
}

// await waits for the list, but not longer than a time.
func (l *testList) await(ctx context.Context, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case <-l.arrived.Done():
	case <-ctx.Done():
	}
}

// find returns a test if the list is there and has it in full.
func (l *testList) find(id string) (telnyx.Test, bool) {
	if l.arrived.Err() == nil {
		return telnyx.Test{}, false
	}
	test, ok := l.found[telnyx.IDKey(id)]
	return test, ok
}

// close gives the list up if it is still being read.
func (l *testList) close() {
	l.cancel()
	l.work.Wait()
}

// lookUpSuite asks for the tests of a suite, and by itself for each that the list has in short. The errors are those of
// the tests.
func (p *planner) lookUpSuite(ctx context.Context, name string) (tests []telnyx.Test, errs []error, err error) {
	tests, err = p.api.ListTests(ctx, telnyx.TestFilter{Suite: name})
	if err != nil {
		return nil, nil, err
	}
	errs = make([]error, len(tests))
	var work group.Group
	for i, t := range tests {
		if !testInFull(t) && belongs(t, name) {
			work.Go(func() { tests[i], errs[i] = p.complete(ctx, t) })
		}
	}
	work.Wait()
	return tests, errs, nil
}

// belongs reports whether a test in the list of a suite may be of it. The contract does not promise that a test names its
// suite.
func belongs(t telnyx.Test, suite string) bool { return t.Suite == suite || t.Suite == "" }

// complete asks for a test that a list has in short.
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

// contradiction is answers of Telnyx that cannot all be true, or leave open what must be known, with what to do about it.
type contradiction struct{ text string }

func (c *contradiction) Error() string { return c.text }
