package main

import (
	"debug/buildinfo"
	"os"
	"path/filepath"
)

// A size is how large a program is that accepts a login, and how many modules besides
// the contender itself it links.
type size struct {
	name    string
	bytes   int64
	modules int
}

// programs accept a login with the contenders.
var programs = []struct{ name, module, pkg string }{
	{nameFloor, ".", "./footprint/floor"},
	{nameV1118, ".", "./footprint/v1118"},
	{"v1.10.6", "../v1106", "./footprint"},
	{"v2.2.1", ".", "./footprint/v2"},
	{"stock oapi-codegen", ".", "./footprint/stock"},
	{nameSDK, ".", "./footprint/sdk"},
}

func measureFootprint(dir string) ([]size, error) {
	var sizes []size
	for _, p := range programs {
		program := filepath.Join(dir, "program")
		if err := build(p.module, program, p.pkg, "-trimpath", "-ldflags=-s -w"); err != nil {
			return nil, err
		}
		stat, err := os.Stat(program)
		if err != nil {
			return nil, err
		}
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return nil, err
		}
		modules := len(info.Deps)
		if p.name != nameFloor {
			modules-- // the contender itself
		}
		sizes = append(sizes, size{p.name, stat.Size(), modules})
	}
	return sizes, nil
}
