"""Authorization at a Samanage tenant and its migration to tokens: phase, kind of credential, validity."""
