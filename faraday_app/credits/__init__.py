"""The ledger of micro-credits: holds, settlements, grants."""
