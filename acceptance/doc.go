// Package acceptance checks the whole program against things that the product itself must not depend on: the official
// description of the API, faults at TCP level, other programs' readers of the reports. It has tests only, in a module of
// its own, so that their heavy libraries stay out of the product's go.mod.
//
// The description of the API is not part of the project. The environment variable TELNYX_OPENAPI names the file; without
// it the tests that need it are skipped.
package acceptance
