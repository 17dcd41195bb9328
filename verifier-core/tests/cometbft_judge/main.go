// Judges evidence files by CometBFT's own code: decodes each object as broadcast_evidence does, verifies its signatures and everything that
// it says of itself, and prints for each the common height and whom CometBFT's rules name.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/cometbft/cometbft/evidence"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/types"
)

type file struct {
	CommonHeader json.RawMessage   `json:"common_header"`
	Evidence     []json.RawMessage `json:"evidence"`
}

func main() {
	for _, path := range os.Args[1:] {
		if err := judge(path); err != nil {
			fmt.Println(path, "REFUSED:", err)
			os.Exit(1)
		}
	}
}

func judge(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var f file
	if err := json.Unmarshal(raw, &f); err != nil {
		return err
	}
	var common *types.Header
	if !bytes.Equal(f.CommonHeader, []byte("null")) {
		common = new(types.Header)
		if err := cmtjson.Unmarshal(f.CommonHeader, common); err != nil {
			return err
		}
	}
	var attacks []*types.LightClientAttackEvidence
	for _, raw := range f.Evidence {
		var ev types.Evidence
		if err := cmtjson.Unmarshal(raw, &ev); err != nil {
			return err
		}
		if err := ev.ValidateBasic(); err != nil {
			return err
		}
		attacks = append(attacks, ev.(*types.LightClientAttackEvidence))
	}
	for i, attack := range attacks {
		trusted := attacks[i^1].ConflictingBlock
		commonHeader := trusted.SignedHeader
		if attack.CommonHeight != trusted.Height {
			commonHeader = &types.SignedHeader{Header: common}
			if !attack.Timestamp.Equal(common.Time) || attack.CommonHeight != common.Height {
				return fmt.Errorf("attack %d: not the common header's height and time", i)
			}
		}
		err := evidence.VerifyLightClientAttack(attack, commonHeader, trusted.SignedHeader, trusted.ValidatorSet, time.Now(), time.Hour)
		if err != nil {
			return fmt.Errorf("attack %d: %w", i, err)
		}
		var named []string
		for _, v := range attack.GetByzantineValidators(trusted.ValidatorSet, trusted.SignedHeader) {
			named = append(named, v.Address.String())
		}
		sort.Strings(named)
		fmt.Println(attack.CommonHeight, strings.Join(named, " "))
	}
	return nil
}
