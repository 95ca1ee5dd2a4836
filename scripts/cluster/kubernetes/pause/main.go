// Command pause is what keeps a pod's namespaces: it waits for a signal to end, and buries the pod's orphans.
package main

import (
	"os"
	"os/signal"

	"syscall"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	child := make(chan os.Signal, 1)
	signal.Notify(child, syscall.SIGCHLD)
	for {
		select {
		case <-end:
			return
		case <-child:
			buryOrphans()
		}
	}
}

// One SIGCHLD may stand for several children.
func buryOrphans() {
	for {
		if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != nil || pid <= 0 {
			return
		}
	}
}
