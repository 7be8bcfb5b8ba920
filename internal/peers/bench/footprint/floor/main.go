// Command floor accepts a login by hand.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	b, err := json.Marshal(struct {
		Subject string `json:"subject"`
	}{"alice"})
	if err != nil {
		log.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPut, os.Args[1]+"/oauth2/auth/requests/login/accept?login_challenge="+os.Args[2], bytes.NewReader(b)) //nolint:noctx // it ends with the program
	if err != nil {
		log.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req) //nolint:bodyclose // it ends with the program
	if err != nil {
		log.Fatal(err)
	}
	var done struct {
		RedirectTo string `json:"redirect_to"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&done); err != nil {
		log.Fatal(err)
	}
	fmt.Println(done.RedirectTo)
}
