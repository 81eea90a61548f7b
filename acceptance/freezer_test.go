package acceptance

import (
	"io"
	"net"
	"sync"
	"testing"
)

// freezer is a proxy whose connections can die silently, as behind a NAT that forgot them: nothing passes any more and
// nobody is told, while new connections work. toxiproxy cannot do that.
type freezer struct {
	listener net.Listener
	server   string

	mu     sync.Mutex
	conns  []net.Conn
	frozen chan struct{} // closed for the connections of now; replaced for those to come
	wg     sync.WaitGroup
}

func startFreezer(t *testing.T, server string) *freezer {
	t.Helper()
	f := &freezer{listener: listen(t), server: server, frozen: make(chan struct{})}
	f.wg.Go(f.accept)
	t.Cleanup(f.stop)
	return f
}

func (f *freezer) accept() {
	for {
		client, err := f.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", f.server)
		if err != nil {
			_ = client.Close() // the client sees a connection that ends
			continue
		}
		f.mu.Lock()
		f.conns = append(f.conns, client, server)
		frozen := f.frozen
		f.mu.Unlock()
		f.wg.Go(func() { pass(server, client, frozen) })
		f.wg.Go(func() { pass(client, server, frozen) })
	}
}

// pass copies until the connection ends; once frozen, what is read goes nowhere, and the end of one side is kept from
// the other.
func pass(to, from net.Conn, frozen chan struct{}) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		select {
		case <-frozen:
			_, _ = io.Copy(io.Discard, from)
			return
		default:
		}
		if _, failed := to.Write(buffer[:n]); err != nil || failed != nil {
			_ = to.Close()
			return
		}
	}
}

// freeze lets all present connections die silently.
func (f *freezer) freeze() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.frozen)
	f.frozen = make(chan struct{})
}

// accepted is how many connections were made.
func (f *freezer) accepted() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.conns) / 2
}

func (f *freezer) stop() {
	_ = f.listener.Close()
	f.mu.Lock()
	for _, conn := range f.conns {
		_ = conn.Close()
	}
	f.mu.Unlock()
	f.wg.Wait()
}
