"""What a manifest says about its pods: probes, programs, placement, and what keeps a pod from being ready."""
