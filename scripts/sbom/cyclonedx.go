package main

// bom is a document of CycloneDX 1.6, with only the fields that this program fills.
type bom struct {
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber,omitempty"` // GitHub's actions/attest-sbom requires it
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Tools     tools     `json:"tools"`
	Component component `json:"component"`
	Supplier  *party    `json:"supplier"`
}

type tools struct {
	Components []component `json:"components"`
}

type component struct {
	Ref        string      `json:"bom-ref,omitempty"`
	Type       string      `json:"type"`
	Supplier   *party      `json:"supplier,omitempty"`
	Name       string      `json:"name"`
	Version    string      `json:"version,omitempty"`
	Hashes     []hash      `json:"hashes,omitempty"`
	Licences   []licence   `json:"licenses,omitempty"`
	PURL       string      `json:"purl,omitempty"`
	Components []component `json:"components,omitempty"`
}

type party struct {
	Name string `json:"name"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"` // hexadecimal
}

type licence struct {
	License licenceName `json:"license"`
}

// licenceName is an SPDX identifier, or otherwise a name.
type licenceName struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}
