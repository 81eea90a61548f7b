package console

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// screen emulates as much of a terminal as the console uses: line ends, carriage returns, erasing to the end of the line or
// of the screen, going up, colours and links (which it drops), wide characters, and lines that go on in the next row where
// they are too long.
type screen struct {
	columns int
	rows    [][]string // a cell holds a character; the cell behind a wide one is empty
	row     int
	column  int
}

func newScreen(columns int) *screen { return &screen{columns: columns, rows: [][]string{nil}} }

func (s *screen) Write(p []byte) (int, error) {
	for text := string(p); text != ""; {
		switch {
		case strings.HasPrefix(text, ansi.EraseLineRight):
			s.rows[s.row] = s.rows[s.row][:min(s.column, len(s.rows[s.row]))]
			text = text[len(ansi.EraseLineRight):]
		case strings.HasPrefix(text, ansi.EraseScreenBelow):
			s.rows = s.rows[:s.row+1]
			s.rows[s.row] = s.rows[s.row][:min(s.column, len(s.rows[s.row]))]
			text = text[len(ansi.EraseScreenBelow):]
		case strings.HasPrefix(text, "\x1b]"): // a link
			text = text[strings.Index(text, "\a")+1:]
		case strings.HasPrefix(text, "\x1b["):
			end := strings.IndexAny(text, "Am")
			if text[end] == 'A' {
				up, _ := strconv.Atoi(text[2:end])
				s.row -= max(1, up)
			}
			text = text[end+1:]
		case text[0] == '\r':
			s.column, text = 0, text[1:]
		case text[0] == '\n':
			s.next()
			text = text[1:]
		default:
			cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
			if width > 0 { // else it cannot be seen
				s.put(cluster, width)
			}
			text = text[len(cluster):]
		}
	}
	return len(p), nil
}

func (s *screen) next() {
	s.row, s.column = s.row+1, 0
	if s.row == len(s.rows) {
		s.rows = append(s.rows, nil)
	}
}

func (s *screen) put(cluster string, width int) {
	if s.column+width > s.columns {
		s.next()
	}
	row := s.rows[s.row]
	for len(row) < s.column+width {
		row = append(row, " ")
	}
	for i := range width {
		row[s.column+i] = ""
	}
	row[s.column] = cluster
	s.rows[s.row] = row
	s.column += width
}

func (s *screen) String() string {
	var b strings.Builder
	for _, row := range s.rows {
		b.WriteString(strings.TrimRight(strings.Join(row, ""), " ") + "\n")
	}
	return b.String()
}
