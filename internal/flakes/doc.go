// Package flakes computes, from the results of many gates, how often each test fails on the live version, which tests make gates
// red by chance, and which policy fits. It decides no verdict.
package flakes
