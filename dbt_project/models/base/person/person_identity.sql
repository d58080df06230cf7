{{ identity('person') }}
