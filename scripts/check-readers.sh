#!/bin/sh
# Checks the JUnit and CTRF files of a gate that blocks with independent programs: four readers must count the same as the gate,
# and CTRF's own validator checks the CTRF file against its schema: check-readers.sh [BINARY]
# scripts/readers/package-lock.json fixes their versions.
set -eu
cd "$(dirname "$0")/.."
. scripts/not-run.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

need npm nodejs npm || {
	not_run "readers" "Node.js and npm cannot be installed"
	exit 0
}

binary=${1:-$work/assistant-gate}
if [ $# -eq 0 ]; then
	go build -o "$binary" .
fi
case $binary in
/*) ;;
*) binary=$PWD/$binary ;;
esac

cp scripts/readers/package.json scripts/readers/package-lock.json scripts/readers/.npmrc "$work"
cd "$work"
npm ci --loglevel=error >npm.log 2>&1 || {
	cat npm.log
	not_run "readers" "npm cannot install them"
	exit 0
}

code=0
env -u GITHUB_ACTIONS "$binary" demo --failing --report-dir reports --name check >demo.log 2>&1 || code=$?
if [ "$code" -ne 1 ]; then
	cat demo.log
	echo "the failing demo ended with exit code $code, want 1"
	exit 1
fi
file=reports/TEST-check.xml

# Each reader's counts as "passed failed skipped". Failures and errors are one number, because junit-to-ctrf does not distinguish
# them.
cat >count.cjs <<'EOF'
const { readFileSync } = require('node:fs');
const [reader, file] = process.argv.slice(2);
const show = (passed, failed, skipped) => console.log(passed, failed, skipped);
const readers = {
  'gate': () => {
    const { counts } = JSON.parse(readFileSync(file));
    show(counts.passed, counts.total - counts.passed - counts.excused, counts.excused);
  },
  'test-results-parser': () => {
    const r = require('test-results-parser').parse({ type: 'junit', files: [file] });
    show(r.passed, r.failed + r.errors, r.skipped);
  },
  'junit2json': () => {
    const cases = JSON.parse(readFileSync(file)).testsuite.flatMap((suite) => suite.testcase);
    const failed = cases.filter((c) => c.failure || c.error).length;
    const skipped = cases.filter((c) => c.skipped).length;
    show(cases.length - failed - skipped, failed, skipped);
  },
  'junit-to-ctrf': () => {
    const { summary } = JSON.parse(readFileSync(file)).results;
    show(summary.passed, summary.failed, summary.skipped);
  },
  'xunit-viewer': () => {
    const said = readFileSync(file, 'utf8').trimEnd().split('\n').filter((line) => / passed/.test(line)).at(-1);
    const n = (word) => Number((said.match(new RegExp(`(\\d+) ${word}`)) ?? [0, 0])[1]);
    show(n('passed'), n('failure') + n('error'), n('skipped'));
  },
};
readers[reader]();
EOF
cat >validate.cjs <<'EOF'
const { validate } = require('ctrf');
const { valid, errors } = validate(JSON.parse(require('node:fs').readFileSync(process.argv[2])));
if (!valid) {
  console.log(JSON.stringify(errors, null, 2));
  process.exit(1);
}
EOF

bin=node_modules/.bin
"$bin/junit2json" -p "$file" >junit2json.json
"$bin/junit-to-ctrf" "$file" -o ctrf.json >junit-to-ctrf.log
"$bin/xunit-viewer" -r "$file" -c -C false -n -o page.html >xunit-viewer.log

want=$(node count.cjs gate reports/check.json)
status=0
check() {
	got=$(node count.cjs "$1" "$2")
	printf '%-20s passed, failed, skipped: %s\n' "$1" "$got"
	if [ "$got" != "$want" ]; then
		echo "$1 counts differently from the gate, which has $want"
		status=1
	fi
}
printf '%-20s passed, failed, skipped: %s\n' "the gate" "$want"
check test-results-parser "$file"
check junit2json junit2json.json
check junit-to-ctrf ctrf.json
check xunit-viewer xunit-viewer.log

sed 's/"trace"/"traces"/' reports/check.ctrf.json >broken.json
if node validate.cjs broken.json >/dev/null; then
	echo "CTRF's validator accepts a broken document"
	exit 1
fi
node validate.cjs reports/check.ctrf.json
echo "ctrf                 the CTRF file follows the schema"
exit "$status"
