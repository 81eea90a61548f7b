package console

import "github.com/charmbracelet/x/ansi"

// palette colours text, unless it is false.
type palette bool

func (p palette) styled(text string, attribute ansi.Attr) string {
	if !p || text == "" {
		return text
	}
	return ansi.NewStyle(attribute).Styled(text)
}

func (p palette) bold(text string) string   { return p.styled(text, ansi.AttrBold) }
func (p palette) faint(text string) string  { return p.styled(text, ansi.AttrFaint) }
func (p palette) red(text string) string    { return p.styled(text, ansi.AttrRedForegroundColor) }
func (p palette) green(text string) string  { return p.styled(text, ansi.AttrGreenForegroundColor) }
func (p palette) yellow(text string) string { return p.styled(text, ansi.AttrYellowForegroundColor) }
func (p palette) cyan(text string) string   { return p.styled(text, ansi.AttrCyanForegroundColor) }

// plainStyle leaves text as it is.
func plainStyle(text string) string { return text }
