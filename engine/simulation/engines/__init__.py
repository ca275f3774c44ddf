"""The engines that play a plan: waves, commit on arrival, event heap. All of them write the same log."""
