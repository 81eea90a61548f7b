package gate

import (
	"context"
	"time"

	"github.com/assistant-gate/assistant-gate/internal/outcome"
	"github.com/assistant-gate/assistant-gate/internal/telnyx"
)

// Config is what a gate needs. Archive and Observe may be nil.
type Config struct {
	Settings Settings
	API      API
	Pacer    Pacer
	Archive  outcome.Archive     // keeps conversations and logs; nil: the outcome itself does
	Observe  func(outcome.Event) // receives the events
}

// API is what the gate needs of Telnyx. It is safe for concurrent use. Errors are *telnyx.Error. TriggerTest, TriggerSuite, GetRun,
// GetSuiteRuns and GetConversation send exactly one request; the other calls may repeat theirs.
type API interface {
	GetTest(ctx context.Context, id string) (telnyx.Test, error)
	FindTests(ctx context.Context, ids []string) ([]telnyx.Test, error)
	ListTests(ctx context.Context, filter telnyx.TestFilter) ([]telnyx.Test, error)
	ListSuites(ctx context.Context) ([]string, error)
	ListAssistants(ctx context.Context) ([]telnyx.Assistant, error)
	GetAssistant(ctx context.Context, assistantID string) (telnyx.Version, error)
	GetVersion(ctx context.Context, assistantID, versionID string) (telnyx.Version, error)
	ListVersions(ctx context.Context, assistantID string) ([]telnyx.Version, error)
	TriggerTest(ctx context.Context, request telnyx.TriggerRequest) (telnyx.Triggered, error)
	TriggerSuite(ctx context.Context, request telnyx.SuiteTriggerRequest) (telnyx.SuiteTriggered, error)
	GetRun(ctx context.Context, testID, runID string) (telnyx.Run, error)
	GetSuiteRuns(ctx context.Context, request telnyx.SuiteRunsRequest) (telnyx.SuiteRuns, error)
	ListRuns(ctx context.Context, testID string, limit int) ([]telnyx.Run, error)
	ListSuiteRuns(ctx context.Context, suite string, limit int) ([]telnyx.Run, error)
	GetConversation(ctx context.Context, conversationID string) (telnyx.Conversation, error)
	ListMessages(ctx context.Context, conversationID string, limit int) ([]telnyx.Message, error)
}

// Pacer decides when the next request may go out, for all requests together.
type Pacer interface {
	// Take returns 0 if a request may go out now, otherwise how long to wait before the next call.
	Take() time.Duration
	// Paused returns how long all requests still wait because Telnyx asked for it.
	Paused() time.Duration
}
